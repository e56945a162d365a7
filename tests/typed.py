"""Print the modules whose types are checked: the words, questions and actions of every floor.

The scenery of the demonstration is left out: it is invented from long tables, and what it writes is checked where it
is written.
"""

from tests.source import HOME, modules
from tests.test_law import kind_of


def main() -> None:
    for module in modules():
        if kind_of(module) in {"words", "questions", "actions"} and "demo" not in module.parts:
            print(module.path.relative_to(HOME))


if __name__ == "__main__":
    main()
