"""The rows of the top floor."""

from reports.models.grading import Evaluation, EvaluationStep, ExcellenceCap, GradingScheme, Round, RoundState
from reports.models.papers import IssuedPaper

__all__ = [
    "Evaluation",
    "EvaluationStep",
    "ExcellenceCap",
    "GradingScheme",
    "IssuedPaper",
    "Round",
    "RoundState",
]
