"""The policies of a what-if: on or off, and what they are, by controls made from their own schema."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from relocsim.app import theme
from relocsim.app.session import Session
from relocsim.app.whatif.adding import Adding
from relocsim.app.whatif.controls import Field
from relocsim.language import Words
from relocsim.policies import Policy
from relocsim.report.effects import title_of
from relocsim.spec import Spec
from relocsim.whatif.additions import is_added
from relocsim.whatif.controls import about, controls, outlay_of


class Levers:
    """The list of policies, changed in place so that the keyboard stays where it is."""

    def __init__(self, session: Session) -> None:
        self.session, self.case = session, session.whatif.case
        self.held: dict[str, Lever] = {}
        with theme.card(session.words("Policies")):
            self.list = ui.element("div").classes("stack policies")
            self.adding = Adding(session, self._show_added)
        self.update()
        session.on_change(self.update)

    def update(self) -> None:
        """Show what holds: policies that came are put in their place, those that went are taken out."""
        spec, case = self.session.spec(), self.session.whatif.case
        if case != self.case:
            self.list.clear()
            self.held, self.case = {}, case
        for name in [one for one in self.held if one not in spec.policies]:
            self.held.pop(name).frame.delete()
        for at, name in enumerate(spec.policies):
            if name not in self.held:
                with self.list:
                    self.held[name] = Lever(self.session, name)
                self.held[name].frame.move(self.list, target_index=at)
        for lever in self.held.values():
            lever.update()

    def _show_added(self, name: str) -> None:
        """Open a policy that was added, and put the keyboard there."""
        lever = self.held.get(name)
        if lever is not None:
            lever.open()
            lever.focus()


class Lever:
    """One policy."""

    def __init__(self, session: Session, name: str) -> None:
        self.session, self.name = session, name
        self.fields: dict[str, Field] = {}
        words = session.words
        self.added = is_added(session.whatif, session.cases, name)
        title = title_of(session.spec(), name, words)
        with ui.element("div").classes("policy").props(f"data-testid=policy-{name}") as self.frame:
            with ui.element("div").classes("row-line").style("padding: 4px 8px"):
                self.switch = ui.switch(title, value=False).classes("spread").props(f"id=switch-{name}")
                self.switch.on_value_change(lambda event: self._set(f"policies.{name}.on", event.value))
                if self.added:
                    remove = words("Remove {name}", name=title)
                    self.back = theme.icon_button("delete", remove, self._reset).props("data-testid=remove")
                else:
                    self.back = theme.icon_button("undo", words("As in the case"), self._reset)
                label = words("Size, dates, cost: {policy}", policy=title)
                self.opener = theme.icon_button("tune", label, self._toggle).props("aria-expanded=false")
            self.body = ui.element("div").classes("stack").style("padding: 4px 12px 12px")
        self.body.set_visibility(False)

    @property
    def policy(self) -> Policy:
        """The policy as it stands."""
        return self.session.spec().policies[self.name]

    def update(self) -> None:
        """Show what holds."""
        policy, words = self.policy, self.session.words
        self.switch.set_text(title_of(self.session.spec(), self.name, words))
        self.switch.set_value(policy.on)
        changed = any(one.path.startswith(f"policies.{self.name}.") for one in self.session.whatif.policies)
        self.frame.classes(add="on" if policy.on else "", remove="" if policy.on else "on")
        self.frame.classes(add="changed" if changed else "", remove="" if changed else "changed")
        self.back.set_visibility(changed)
        if self.fields:
            self.cost.text = cost_words(self.session.spec(), self.name, words)
            for control in controls(self.session.spec(), self.name):
                if control.path in self.fields:
                    self.fields[control.path].update(control)

    def open(self) -> None:
        """Show its controls."""
        if not self.body.visible:
            self._toggle()

    def focus(self) -> None:
        """Put the keyboard on its switch."""
        ui.run_javascript(
            f"setTimeout(() => {{ const it = document.getElementById('switch-{self.name}');"
            "it && (it.scrollIntoView({block: 'nearest'}), it.focus()); }, 50)"
        )

    def _toggle(self) -> None:
        """Open or close the policy; its controls are built when it is first opened."""
        self.body.set_visibility(not self.body.visible)
        self.opener.props(f"aria-expanded={'true' if self.body.visible else 'false'}")
        if self.fields:
            return
        words = self.session.words
        with self.body:
            ui.label(words.documented(about(str(getattr(self.policy, "kind", ""))))).classes("muted")
            self.cost = ui.label(cost_words(self.session.spec(), self.name, words)).props("data-testid=cost")
            for control in controls(self.session.spec(), self.name):
                if not control.path.endswith(".on"):
                    self.fields[control.path] = Field(self.session, control, self._set)

    async def _set(self, path: str, value: Any) -> None:
        if not (path.endswith(".on") and value == self.policy.on):
            await self.session.set(path, value)

    async def _reset(self) -> None:
        if self.added:
            ui.run_javascript(
                "document.querySelector('[data-testid=add-kind] input, input[data-testid=add-kind]')?.focus()"
            )
        await self.session.alter(lambda now: now.unset(f"policies.{self.name}"))


def cost_words(spec: Spec, name: str, words: Words) -> str:
    """Return what a policy itself costs; where it is off, what it would cost."""
    policy = spec.policies[name]
    cost = outlay_of(spec, name)
    if not cost:
        return words("No outlay of its own; incentives are paid as firms come.")
    text = words("Outlay over the run: {amount}", amount=words.money(cost))
    cities = len(policy.payers())
    return words("{text} ({count} cities)", text=text, count=cities) if cities > 1 else text
