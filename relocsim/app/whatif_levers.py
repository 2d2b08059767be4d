"""The policies of a what-if: on or off, and what they are, by controls made from their own schema."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from relocsim.app import theme
from relocsim.app.session import Session
from relocsim.app.whatif_controls import Field
from relocsim.policies import Policy
from relocsim.report.effects import title_of
from relocsim.whatif.controls import controls


class Levers:
    """The list of policies, changed in place so that the keyboard stays where it is."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.held: dict[str, Lever] = {}
        with theme.card(session.words("Policies")):
            self.list = ui.element("div").classes("stack policies")
        self.update()
        session.on_change(self.update)

    def update(self) -> None:
        """Show what holds; the list is built anew where its policies are others."""
        spec = self.session.spec()
        names = [(self.session.whatif.case, name) for name in spec.policies]
        if names != [(lever.case, name) for name, lever in self.held.items()]:
            opened = {name for name, lever in self.held.items() if lever.body.visible}
            self.list.clear()
            with self.list:
                self.held = {
                    name: Lever(self.session, name, opened=name in opened) for name in _in_order(spec.policies)
                }
        for lever in self.held.values():
            lever.update()


def _in_order(policies: Any) -> list[str]:
    return list(policies)


def about(policy: Policy) -> str:
    """Return what a policy is, in a sentence."""
    return " ".join((type(policy).__doc__ or "").strip().split("\n\n")[0].split())


class Lever:
    """One policy."""

    def __init__(self, session: Session, name: str, *, opened: bool) -> None:
        self.session, self.name, self.case = session, name, session.whatif.case
        self.fields: dict[str, Field] = {}
        words, spec = session.words, session.spec()
        title = title_of(spec, name, words)
        with ui.element("div").classes("policy").props(f"data-testid=policy-{name}") as self.frame:
            with ui.element("div").classes("row-line").style("padding: 4px 8px"):
                self.switch = ui.switch(title, value=False).classes("spread")
                self.switch.on_value_change(lambda event: self._set(f"policies.{name}.on", event.value))
                self.back = theme.icon_button("undo", words("As in the case"), self._reset)
                label = words("Size, dates, cost: {policy}", policy=title)
                self.opener = theme.icon_button("tune", label, self._toggle)
            self.body = ui.element("div").classes("stack").style("padding: 4px 12px 12px")
        self.body.set_visibility(False)
        if opened:
            self._toggle()

    @property
    def policy(self) -> Policy:
        """The policy as it stands."""
        return self.session.spec().policies[self.name]

    def update(self) -> None:
        """Show what holds."""
        policy = self.policy
        self.switch.set_value(policy.on)
        changed = any(one.path.startswith(f"policies.{self.name}.") for one in self.session.whatif.policies)
        self.frame.classes(add="on" if policy.on else "", remove="" if policy.on else "on")
        self.frame.classes(add="changed" if changed else "", remove="" if changed else "changed")
        self.back.set_visibility(changed)
        for control in controls(self.session.spec(), self.name) if self.fields else ():
            if control.path in self.fields:
                self.fields[control.path].update(control)

    def _toggle(self) -> None:
        """Open or close the policy; its controls are built when it is first opened."""
        self.body.set_visibility(not self.body.visible)
        self.opener.props(f"aria-expanded={'true' if self.body.visible else 'false'}")
        if self.fields:
            return
        with self.body:
            ui.label(self.session.words.documented(about(self.policy))).classes("muted")
            for control in controls(self.session.spec(), self.name):
                if not control.path.endswith(".on"):
                    self.fields[control.path] = Field(self.session, control, self._set)

    async def _set(self, path: str, value: Any) -> None:
        if not (path.endswith(".on") and value == self.policy.on):
            await self.session.set(path, value)

    async def _reset(self) -> None:
        await self.session.alter(lambda now: now.unset(f"policies.{self.name}"))
