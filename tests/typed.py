"""Print the modules whose types are checked: the words, questions and actions of every floor."""

from tests.source import HOME, modules
from tests.test_law import kind_of


def main() -> None:
    for module in modules():
        if kind_of(module) in {"words", "questions", "actions"}:
            print(module.path.relative_to(HOME))


if __name__ == "__main__":
    main()
