"""The rows of the top floor."""

from reports.models.cadre_review import (
    CadreReview,
    CadreReviewPlace,
    CadreReviewState,
    CadreReviewStep,
    CadreRound,
    CadreRoundState,
    CommendedCell,
)
from reports.models.closed_figures import ClosedFigures
from reports.models.criteria import CriteriaSet, Criterion, DisqualifyingRule, GradeThreshold
from reports.models.grading import (
    Evaluation,
    EvaluationStep,
    ExcellenceCap,
    GradingScheme,
    Round,
    RoundState,
    SetCeiling,
)
from reports.models.pack import PackPart, PackState, PaperPack
from reports.models.papers import IssuedPaper
from reports.models.review import Review, ReviewScore, ReviewState, ReviewStep, RuleApplied, Stage, Suggestion

__all__ = [
    "CadreReview",
    "CadreReviewPlace",
    "CadreReviewState",
    "CadreReviewStep",
    "CadreRound",
    "CadreRoundState",
    "CommendedCell",
    "ClosedFigures",
    "CriteriaSet",
    "Criterion",
    "DisqualifyingRule",
    "Evaluation",
    "EvaluationStep",
    "ExcellenceCap",
    "GradeThreshold",
    "GradingScheme",
    "IssuedPaper",
    "PackPart",
    "PackState",
    "PaperPack",
    "Review",
    "ReviewScore",
    "ReviewState",
    "ReviewStep",
    "Round",
    "RoundState",
    "RuleApplied",
    "SetCeiling",
    "Stage",
    "Suggestion",
]
