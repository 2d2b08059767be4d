"""Run, follow, stop, undo: how a what-if is played, and how far that is."""

from __future__ import annotations

from nicegui import ui

from relocsim.app import theme
from relocsim.app.playing import REPLICATES
from relocsim.app.session import Session
from relocsim.app.whatif.texts import progress
from relocsim.language import message

_STATES = {
    "idle": message("not played yet"),
    "waiting": message("waiting for its turn"),
    "preparing": message("preparing the baseline"),
    "playing": message("playing"),
    "stopped": message("stopped"),
    "done": message("done"),
    "failed": message("failed"),
}


def run_bar(session: Session) -> None:
    """Build the card that runs a what-if."""
    words, playing = session.words, session.playing
    with theme.card():
        with ui.element("div").classes("row-line"):
            name = ui.input(words("Name of the what-if"), value=session.whatif.name).props(
                "outlined dense maxlength=60"
            )
            name.classes("spread")
            undo = theme.icon_button("undo", words("Undo"), session.undo)
            redo = theme.icon_button("redo", words("Redo"), session.redo)
        with ui.element("div").classes("row-line"):
            run = ui.button(words("Run"), icon="play_arrow", on_click=playing.run).props("data-testid=run unelevated")
            stop = ui.button(words("Stop"), icon="stop", on_click=playing.stop).props("data-testid=stop outline")
            follow = ui.switch(words("Follow changes"), value=playing.follow).props("data-testid=follow")
            offered = sorted({*REPLICATES, playing.most})
            most = ui.select({n: words.plain(n, 0) for n in offered}, value=playing.most, label=words("Replicates"))
            most.props("dense outlined options-dense data-testid=replicates").style("width: 110px")
        bar = theme.labelled(ui.linear_progress(0, show_value=False), words("Progress"))
        told = ui.label().classes("muted").props("role=status data-testid=progress")

    async def rename() -> None:
        await session.rename(str(name.value))

    name.on("blur", rename)
    name.on("keydown.enter", rename)
    follow.on_value_change(lambda event: playing.set_follow(bool(event.value)))
    most.on_value_change(lambda event: playing.set_most(int(event.value)))

    def show() -> None:
        done = session.answer.replicates if session.answer is not None else 0
        bar.set_value(done / playing.asked)
        how_far, state = progress(done, playing.asked, words), words(_STATES[playing.state])
        told.text = words("{how_far}: {state}", how_far=how_far, state=state)
        run.set_visibility(not playing.running)
        stop.set_visibility(playing.running)
        undo.set_enabled(session.history.can_undo)
        redo.set_enabled(session.history.can_redo)

    known = [session.whatif.name]

    def rename_shown() -> None:  # only where it is another: somebody may be typing
        if session.whatif.name != known[0]:
            known[0] = session.whatif.name
            name.set_value(known[0])

    show()
    session.listeners.add("play", show)
    session.on_change(show)
    session.on_change(rename_shown)
    session.on_answer(show)
