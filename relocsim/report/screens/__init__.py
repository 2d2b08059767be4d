"""Answers for the terminal, as rich renderables, a module a command. Refuses to print: that is the command line's."""
