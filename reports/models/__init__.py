"""The rows of the top floor."""

from reports.models.grading import Evaluation, EvaluationStep, ExcellenceCap, GradingScheme, Round, RoundState

__all__ = ["Evaluation", "EvaluationStep", "ExcellenceCap", "GradingScheme", "Round", "RoundState"]
