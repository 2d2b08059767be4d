"""Mesa's page of a run, built and stepped in this process without a browser."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from toy import SCENARIO

from relocsim.language import ENGLISH, Words, words_in
from relocsim.look import server
from relocsim.look.looked import LookedModel, Opened
from relocsim.look.shown import Shown
from relocsim.world.calendar import Quarter

pytestmark = pytest.mark.filterwarnings("default")  # of Solara, ipywidgets and Mesa, which are not ours to mend
OPENED = Opened(str(SCENARIO), ("scenario.firms=300", "scenario.end=2010-Q4"))


class Page:
    """The page as it stands: its widgets, and what one may do with them."""

    def __init__(self, words: Words) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.application(Shown(OPENED, words))
            import ipyvue
            import ipyvuetify
            import solara
            import solara.widgets

            from relocsim.look import page
        self.buttons, self.html, self.shown = ipyvuetify.Btn, ipyvue.Html, solara.widgets.HTML
        self.inputs, self.boxes = ipyvuetify.TextField, ipyvuetify.Checkbox
        _, self.context = solara.render(solara.AppLayout(children=[page.Page()]), handle_error=False)

    def every(self, kind: type) -> list[Any]:
        """Return all widgets of a kind, those in tiles of the grid and in the sidebar among them."""
        from ipywidgets.widgets.widget import _instances

        return [one for one in list(_instances.values()) if isinstance(one, kind)]

    def press(self, label: str) -> None:
        """Press a button."""
        (button,) = [one for one in self.every(self.buttons) if label in one.children]
        button.click()

    def type(self, label: str, text: str) -> None:
        """Type into a field and leave it."""
        (field,) = [one for one in self.every(self.inputs) if label in str(one.label)]
        field.v_model = text
        field.fire_event("focusout", {})

    def tick(self, label: str, on: bool) -> None:
        """Set a checkbox."""
        (box,) = [one for one in self.every(self.boxes) if one.label == label]
        box.v_model = on

    def pictures(self) -> list[str]:
        """Return what the pictures tell."""
        return [one.attributes["alt"] for one in self.every(self.shown) if one.tag == "img"]

    def text(self) -> str:
        """Return all that is written."""
        return " ".join(str(child) for one in self.every(self.html) for child in (one.children or []))

    def errors(self) -> str:
        """Return what is said to be wrong."""
        import ipyvuetify

        return " ".join(str(one.children) for one in self.every(ipyvuetify.Alert))


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    opened = Page(getattr(request, "param", ENGLISH))
    yield opened
    opened.context.close()


def test_it_is_built_and_steps(page: Page) -> None:
    assert all("the start" in one for one in page.pictures())
    assert len(page.pictures()) == 2
    for _ in range(3):
        page.press("Step")
    assert "Step: 3" in page.text()
    assert all("2008-Q3" in one for one in page.pictures())
    model = LookedModel(opened=OPENED)
    for _ in range(3):
        model.step()
    from relocsim.look.pictures import capture_so_far

    assert capture_so_far(model, ENGLISH).get_suptitle() in page.pictures()


def test_it_ends_with_the_scenario(page: Page) -> None:
    for _ in range(12):
        page.press("Step")
    assert "Step: 12" in page.text()
    (step,) = [one for one in page.every(page.buttons) if "Step" in one.children]
    assert step.disabled


def test_reset_takes_what_is_set(page: Page) -> None:
    page.press("Step")
    page.type("Agents that stand for firms", "7")
    page.press("Reset")
    assert "Step: 0" in page.text()
    assert "scenario.firms" in page.errors()
    page.type("Agents that stand for firms", "400")
    page.press("Reset")
    assert page.errors() == ""


@pytest.mark.parametrize("page", [words_in("zh")], indirect=True, ids=["zh"])
def test_it_speaks_chinese(page: Page) -> None:
    page.press("Step")
    when = words_in("zh").quarter(Quarter.parse("2008-Q1"))
    assert page.pictures()
    assert all(when in one for one in page.pictures())
