"""Which claims and errata of the sources each chapter carries.

The numbers are those of the registers: claims C1 to C148, errata E1 to E99,
of which E10, E17, E22, E26, E81 and E92 were withdrawn on second reading.
"""

#: number: why it was withdrawn
WITHDRAWN = {
    10: "S0 marks the range (−0.3, ∞) of Swish as approximate, and its lower "
    "end, −0.278, rounds to that",
    17: "who was first to publish Swish is a matter of citations, which no "
    "computation decides; that it beats ReLU is claim C21",
    22: "that MAE has no derivative at 0 is so, and whether this makes "
    "optimization hard is claim C25",
    26: "the output error of S0 §6 is right for the half sum of squares that "
    "its §5 defines; the rest is part of E18",
    81: "operations on vertices are a convention of their own",
    92: "the sentence on uniform stability is informal and not false",
}

#: chapter: (first and last claim, first and last erratum)
CHAPTERS = {
    "foundations/mathematics": ((1, 3), (1, 2)),
    "foundations/perceptron": ((4, 6), (3, 4)),
    "foundations/mlp": ((7, 11), (5, 6)),
    "foundations/activations": ((12, 23), (7, 17)),
    "foundations/losses": ((24, 32), (18, 23)),
    "foundations/backpropagation": ((33, 34), (24, 27)),
    "foundations/training": ((35, 40), (28, 30)),
    "optimization/optimizers": ((41, 51), (31, 37)),
    "optimization/second_order": ((52, 54), (38, 38)),
    "optimization/schedules": ((55, 56), None),
    "optimization/initialization": ((57, 60), (39, 43)),
    "optimization/gradient_stability": ((61, 67), (44, 49)),
    "optimization/normalization": ((68, 78), (50, 55)),
    "optimization/regularization": ((79, 90), (56, 68)),
    "architectures/convolution": ((91, 93), (69, 69)),
    "architectures/residual": ((94, 96), (70, 70)),
    "architectures/recurrence": ((97, 99), (71, 72)),
    "architectures/attention": ((100, 102), (73, 74)),
    "architectures/graphs": ((103, 103), None),
    "architectures/generative": ((104, 106), (75, 76)),
    "practice/tuning": ((107, 108), (77, 77)),
    "practice/evaluation": ((109, 110), None),
    "practice/transfer": ((111, 111), None),
    "practice/architecture_search": ((112, 115), (78, 82)),
    "practice/compression": ((116, 117), (83, 83)),
    "practice/federated": ((118, 119), (84, 84)),
    "practice/robustness": ((120, 121), None),
    "practice/interpretability": ((122, 124), None),
    "practice/fairness": ((125, 125), None),
    "practice/energy": ((126, 126), None),
    "practice/deployment": ((127, 127), None),
    "scale/complexity": ((128, 131), (85, 88)),
    "scale/precision": ((132, 132), None),
    "scale/gpu": ((133, 133), None),
    "scale/distributed": ((134, 135), None),
    "theory/landscape": ((136, 138), (89, 91)),
    "theory/generalization": ((139, 142), (92, 93)),
    "evidence/experiments": ((143, 144), (94, 95)),
    "evidence/claims": ((145, 146), (96, 96)),
    "evidence/errata": ((147, 148), (97, 99)),
}


def claims(chapter: str) -> list[str]:
    """Names of the claims that a chapter carries, such as ``C12``.

    Args:
        chapter: a key of `CHAPTERS`.
    """
    first, last = CHAPTERS[chapter][0]
    return [f"C{n}" for n in range(first, last + 1)]


def errata(chapter: str) -> list[str]:
    """Names of the errata that a chapter carries, such as ``E7``.

    Args:
        chapter: a key of `CHAPTERS`.
    """
    if CHAPTERS[chapter][1] is None:
        return []
    first, last = CHAPTERS[chapter][1]
    return [f"E{n}" for n in range(first, last + 1) if n not in WITHDRAWN]


def home(name: str) -> str:
    """Return the chapter that carries a claim or an erratum.

    Args:
        name: such as ``C12`` or ``E7``.

    Raises:
        KeyError: no chapter carries it.
    """
    for chapter in CHAPTERS:
        if name in claims(chapter) or name in errata(chapter):
            return chapter
    raise KeyError(f"no chapter carries {name}")
