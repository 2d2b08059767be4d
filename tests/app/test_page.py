"""The page in a browser: load, switch, run, narrow, keep, language, errors, two people at once; no request leaves."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app.steps import done, policy, switch
from relocsim.app.whatif.texts import figures, finding
from relocsim.batch.comparing import compare
from relocsim.language import words_in
from relocsim.spec import load


def test_it_loads_with_the_policies_of_the_case(tab):
    page = tab()
    expect(page).to_have_title("relocsim: what if?")
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(policy(page, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "false")
    expect(policy(page, "hsr").get_by_role("switch")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_text("Nothing: the what-if is the case as it stands.")).to_be_visible()
    assert not page.broken


def test_a_policy_is_switched_on_and_answered(tab):
    page = tab()
    switch(page, "incentives")
    said = done(page)
    assert "raise Beta's capture rate by" in said or "cannot be told" in said
    assert "range of 10 replicates" in said
    expect(page.get_by_test_id("over-time").locator("canvas")).to_be_visible()
    expect(page.get_by_test_id("log")).to_contain_text("Incentive package")
    assert not page.broken


def test_it_waits_to_be_asked_where_it_does_not_follow(tab):
    page = tab()
    done(page)
    page.get_by_test_id("follow").click()
    switch(page, "incentives")
    time.sleep(1.5)
    expect(page.get_by_test_id("progress")).to_contain_text("0 of 10")
    page.get_by_test_id("run").click()
    done(page)


def test_undo_and_redo(tab):
    page = tab()
    switch(page, "incentives")
    expect(policy(page, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "true")
    page.get_by_role("button", name="Undo").click()
    expect(policy(page, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "false")
    page.get_by_role("button", name="Redo").click()
    expect(policy(page, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "true")


def test_a_size_is_set_and_goes_back_to_that_of_the_case(tab):
    page = tab()
    frame = policy(page, "park-expansion")
    frame.get_by_role("button", name=re.compile("Size, dates, cost")).click()
    box = frame.get_by_test_id("field-floor").get_by_role("spinbutton")
    box.fill("250")
    box.press("Enter")
    expect(page.get_by_test_id("log")).to_contain_text("250")
    frame.get_by_role("button", name="As in the case").click()
    expect(page.get_by_text("Nothing: the what-if is the case as it stands.")).to_be_visible()


def test_what_ifs_are_kept_side_by_side_under_names(tab):
    page = tab()
    for name, lever in (("Money", "incentives"), ("Money and park", "park-expansion")):
        switch(page, lever)
        page.get_by_label("Name of the what-if").fill(name)
        page.get_by_label("Name of the what-if").press("Enter")
        done(page)
        page.get_by_test_id("keep").click()
        expect(page.get_by_test_id("kept").get_by_role("row", name=re.compile(f"^{name} "))).to_be_visible()
    expect(page.get_by_test_id("kept").get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name="Open Money", exact=True).click()
    expect(policy(page, "park-expansion").get_by_role("switch")).to_have_attribute("aria-checked", "false")
    expect(page.get_by_label("Name of the what-if")).to_have_value("Money")
    page.get_by_role("button", name="Remove Money", exact=True).click()
    expect(page.get_by_test_id("kept").get_by_role("row")).to_have_count(2)


def test_what_is_kept_comes_back_with_the_page(tab):
    """Its rows are those of before, played again with the replicates that each had."""
    page = tab(replicates=12)
    rows = page.get_by_test_id("kept").locator("tbody tr")
    for count, name, lever in ((12, "Money", "incentives"), (20, "Money and park", "park-expansion")):
        if count == 20:
            page.get_by_test_id("replicates").click()
            page.get_by_role("option", name="20", exact=True).click()
        switch(page, lever)
        page.get_by_label("Name of the what-if").fill(name)
        page.get_by_label("Name of the what-if").press("Enter")
        expect(page.get_by_test_id("progress")).to_have_text(f"{count} of {count} replicates: done", timeout=60_000)
        page.get_by_test_id("keep").click()
        expect(page.get_by_test_id("kept").get_by_role("row", name=re.compile(f"^{name} "))).to_be_visible()
    page.wait_for_function("location.search.split('&k=').length === 3")
    page.get_by_role("button", name="Undo").click()
    before = rows.all_inner_texts()
    page.wait_for_function("document.querySelector('[data-testid=link]').getAttribute('href') === location.search")
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(rows).to_have_text(before, use_inner_text=True, timeout=60_000)
    expect(page.get_by_test_id("kept").locator("canvas").first).to_be_visible()
    page.get_by_role("button", name="Remove Money", exact=True).click()
    page.wait_for_function("location.search.split('&k=').length === 2")
    assert not page.broken


@pytest.mark.parametrize("kept", ["", "nonsense", "12", "12-1abc", "0-1abc", "5-" + "A" * 3000])
def test_what_was_kept_and_is_broken_is_said_and_the_page_lives(tab, kept: str):
    page = tab(f"?k={kept}")
    expect(page.get_by_test_id("notices")).to_contain_text("link")
    done(page)
    expect(page.get_by_test_id("kept").get_by_role("row")).to_have_count(0)


def test_it_speaks_chinese(tab):
    page = tab()
    switch(page, "incentives")
    done(page)
    page.get_by_test_id("language").get_by_text("中文").click()
    expect(page.get_by_text("方案效果")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh"
    expect(page.get_by_test_id("finding")).to_contain_text("捕获率")
    expect(policy(page, "incentives")).to_contain_text("招商优惠政策")
    assert not page.broken


def test_the_language_of_the_browser_is_spoken_first(tab):
    expect(tab(locale="zh-CN").get_by_text("方案效果")).to_be_visible()


def test_a_link_brings_back_the_same_what_if(tab):
    page = tab()
    switch(page, "incentives")
    page.get_by_label("Name of the what-if").fill("With money")
    page.get_by_label("Name of the what-if").press("Enter")
    expect(page.get_by_test_id("log")).to_contain_text("Incentive package")
    page.wait_for_function("document.title && location.search.length > 10")
    page.wait_for_timeout(500)
    link = page.get_by_test_id("link").get_attribute("href")
    assert page.evaluate("location.search") == link
    other = tab(link)
    expect(policy(other, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "true")
    expect(other.get_by_label("Name of the what-if")).to_have_value("With money")
    assert other.get_by_test_id("log").inner_text() == page.get_by_test_id("log").inner_text()


@pytest.mark.parametrize("link", ["?w=nonsense", "?w=" + "A" * 5000, "?case=%00&lang=xx"])
def test_a_link_that_is_broken_is_said_and_the_page_lives(tab, link: str):
    page = tab(link)
    if "w=" in link:
        expect(page.get_by_test_id("notices")).to_contain_text("link")
    switch(page, "incentives")
    expect(page.get_by_test_id("log")).to_contain_text("Incentive package")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.yaml", b"policies: [", "plan.yaml"),
        ("plan.yaml", b"format: 1\nkind: scenario\nextends: toy.yaml\npolicies: {x: {kind: park}}\n", "park"),
        ("plan.yaml", b"format: 1\nkind: scenario\nextends: /etc/passwd\n", "/etc/passwd"),
        ("plan.yaml", b"\xff\xfe\x00", "UTF-8"),
        ("plan.yaml", b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "plan.yaml"),
    ],
)
def test_a_bad_upload_is_said_and_the_page_lives(tab, name: str, content: bytes, said: str):
    page = tab()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/yaml", "buffer": content})
    expect(page.get_by_test_id("notices")).to_contain_text(said)
    page.get_by_test_id("notices").get_by_role("button", name="Close").click()
    expect(page.get_by_test_id("notices")).to_have_text("")
    switch(page, "incentives")
    expect(page.get_by_test_id("log")).to_contain_text("Incentive package")
    assert not page.broken


def test_a_large_upload_is_refused(tab):
    page = tab()
    content = b"# " + b"x" * (300 * 1024)
    page.locator("input[type=file]").set_input_files(
        {"name": "plan.yaml", "mimeType": "application/yaml", "buffer": content}
    )
    expect(page.get_by_test_id("notices")).to_contain_text("at most 256 KB")


def test_two_people_do_not_see_each_other(tab, cases: Path):
    """Neither what they switch nor what they are answered, whoever plays first: each answer is that of `compare`."""
    one, other = tab(), tab()
    switch(one, "incentives")
    switch(other, "park-expansion")
    for page, mine, theirs in ((one, "incentives", "park-expansion"), (other, "park-expansion", "incentives")):
        expect(policy(page, mine).get_by_role("switch")).to_have_attribute("aria-checked", "true")
        expect(policy(page, theirs).get_by_role("switch")).to_have_attribute("aria-checked", "false")
    told = [done(page) for page in (one, other)]
    spec = load(cases / "other.yaml")
    for said, name in zip(told, ("incentives", "park-expansion"), strict=True):
        alone = compare(spec, with_=[name], replicates=10)
        assert finding(alone, "What-if 1", words_in("en")) in said
        assert all(figure.value in said for figure in figures(alone, {}, words_in("en")))
    one.get_by_test_id("keep").click()
    expect(one.get_by_test_id("kept").get_by_role("row")).to_have_count(2)
    expect(other.get_by_test_id("kept").get_by_role("row")).to_have_count(0)
    assert [page.get_by_test_id("finding").inner_text() for page in (one, other)] == told


def test_another_case_is_opened(tab):
    page = tab()
    expect(page.get_by_role("combobox", name="Case")).to_have_value("Another toy")
    page.get_by_test_id("case").click()
    page.get_by_role("option", name="Toy", exact=True).click()
    expect(page.get_by_role("combobox", name="Case")).to_have_value("Toy")
    assert not page.broken


def test_it_works_by_keyboard(tab):
    page = tab()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[data-testid=policy-incentives]') !== null"):
            break
    page.keyboard.press("Space")
    expect(policy(page, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "true")
    assert page.evaluate("document.activeElement.closest('[data-testid=policy-incentives]') !== null"), (
        "the focus was lost"
    )


@pytest.mark.parametrize("size", [(1366, 768), (820, 1180)])
def test_nothing_sticks_out_on_a_laptop_or_a_tablet(tab, size: tuple[int, int]):
    page = tab(viewport={"width": size[0], "height": size[1]})
    switch(page, "incentives")
    done(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_no_request_leaves_the_machine(tab, server):
    page = tab()
    switch(page, "incentives")
    done(page)
    for at in range(page.get_by_role("tab").count()):
        page.get_by_role("tab").nth(at).click()
        page.wait_for_timeout(500)
    page.get_by_role("tab").first.click()
    page.get_by_test_id("language").get_by_text("中文").click()
    expect(page.get_by_text("方案效果")).to_be_visible()
    asked = {urlsplit(url).netloc for url in page.asked if urlsplit(url).scheme in {"http", "https", "ws", "wss"}}
    assert asked == {urlsplit(server.url).netloc}
    assert len(page.asked) > 10
