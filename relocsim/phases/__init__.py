"""The steps of a quarter, one file each, in the order of `relocsim.model.RelocationModel.step`.

Phases are functions of columns. Only settlement and feedback write to the state; the others answer.
"""
