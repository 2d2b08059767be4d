"""A policy that the case lacks: its kind chosen from the catalogue, with what it is, in sizes that are usual of it."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from relocsim.app.session import Session
from relocsim.language import Words
from relocsim.policies import catalogue
from relocsim.spec import Spec
from relocsim.whatif.additions import add_policy, kinds_lacking, kinds_offered
from relocsim.whatif.controls import about


class Adding:
    """What adds a policy; `added` is called with its id once it is there."""

    def __init__(self, session: Session, added: Callable[[str], None]) -> None:
        self.session, self.added = session, added
        words = session.words
        with ui.element("div").classes("stack").style("gap: 6px").props("data-testid=adding"):
            with ui.element("div").classes("row-line"):
                self.kind = ui.select({}, label=words("Add a policy"), with_input=True, on_change=self._chosen)
                self.kind.classes("spread").props("outlined dense options-dense clearable data-testid=add-kind")
                self.button = ui.button(words("Add"), icon="add", on_click=self._add)
                self.button.props("outline data-testid=add")
            self.told = ui.label("").classes("muted").props("aria-live=polite")
        self.update()
        session.on_change(self.update)

    def update(self) -> None:
        """Offer the kinds: those first that are not there."""
        offered = offered_kinds(self.session.spec(), self.session.words)
        if offered != self.kind.options:
            self.kind.set_options(offered, value=self.kind.value if self.kind.value in offered else None)
        self._chosen()

    def _chosen(self) -> None:
        kind, words = self.kind.value, self.session.words
        self.button.set_enabled(kind is not None)
        self.told.text = words.documented(about(str(kind))) if kind else ""

    async def _add(self) -> None:
        kind, session = str(self.kind.value), self.session
        before = set(session.spec().policies)
        await session.alter(lambda now: add_policy(now, session.cases, kind)[0])
        fresh = [name for name in session.spec().policies if name not in before]
        if fresh:
            self.kind.set_value(None)
            self.added(fresh[0])


def offered_kinds(spec: Spec, words: Words) -> dict[str, str]:
    """Return the kinds of policy by name in the language; of those that are there already it says that another is added."""
    lacking = set(kinds_lacking(spec))
    named = {kind: words.name(catalogue()[kind]) for kind in kinds_offered(spec)}
    told = {kind: name if kind in lacking else words("{name} (another)", name=name) for kind, name in named.items()}
    return dict(sorted(told.items(), key=lambda item: (item[0] not in lacking, item[1])))
