"""Zachary's karate club: 34 members, 78 friendships, and the split of the club.

The members who saw each other outside the club are joined. After a quarrel it
broke in two: class 0 stayed with the instructor, node 0, class 1 with the
officers around node 33.
Source: Zachary (1977), An Information Flow Model for Conflict and Fission in
Small Groups, Journal of Anthropological Research 33. Node i is his actor i + 1,
and the class is the club joined in the end, not the faction before.
"""

import numpy as np

from dlf.data.core import Graph, Real

INSTRUCTOR = 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21
FRIENDS = {  # those of a higher number
    0: (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31),
    1: (2, 3, 7, 13, 17, 19, 21, 30),
    2: (3, 7, 8, 9, 13, 27, 28, 32),
    3: (7, 12, 13),
    4: (6, 10),
    5: (6, 10, 16),
    6: (16,),
    8: (30, 32, 33),
    9: (33,),
    13: (33,),
    14: (32, 33),
    15: (32, 33),
    18: (32, 33),
    19: (33,),
    20: (32, 33),
    22: (32, 33),
    23: (25, 27, 29, 32, 33),
    24: (25, 27, 31),
    25: (31,),
    26: (29, 33),
    27: (33,),
    28: (31, 33),
    29: (32, 33),
    30: (32, 33),
    31: (32, 33),
    32: (33,),
}


def load(*, dtype: Real = np.float64) -> Graph:
    """Load the club: no features but who one is, and two labeled members.

    x is the identity; ``train`` holds the two leaders, ``test`` all others.

    Args:
        dtype: of the features.

    >>> load()
    Graph(x: float64 (34, 34), y: int64 (34,), edges: int64 (78, 2), \
train: 2, validation: 0, test: 32)
    """
    edges = [(i, j) for i, others in FRIENDS.items() for j in others]
    y = np.ones(34, np.int64)
    y[list(INSTRUCTOR)] = 0
    return Graph(
        x=np.eye(34, dtype=dtype),
        y=y,
        edges=np.array(edges),
        train=np.array([0, 33]),
        validation=np.arange(0),
        test=np.arange(1, 33),
    )
