"""How a task inside the child ends early."""


class Refused(Exception):
    """The file is not taken: reason, what was found, in which part."""

    def __init__(self, reason: str, found: str = "", where: str = "") -> None:
        super().__init__(reason)
        self.reason, self.found, self.where = reason, found, where


class Undrawable(Exception):
    """The page cannot be drawn."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
