"""What derivations compute with, on float64 and on balls alike.

NumPy's own `exp`, `log`, `tanh`, `sqrt`, `@`, `sum` and `where` work on object
arrays of balls unchanged. Here stands what does not: constants that no float64
holds, choices between balls, and linear algebra with bounds on its error.
"""

from collections.abc import Callable

import numpy as np
from flint import acb, acb_mat, arb, arb_mat

from dlf.derive.balls import Array, ball, balls

GOAL = arb(2) ** -150  # of an integral, well below the radius allowed


def sigmoid(z: object) -> object:
    """Logistic function of each entry.

    Args:
        z: numbers, balls or duals.
    """
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    """Softmax over the last axis, without a shift: balls do not overflow.

    Args:
        z: numbers, balls or duals.
    """
    e = np.exp(z)
    return e / e.sum(-1, keepdims=True)


def log2(x: object) -> object:
    """Logarithm to base 2.

    Args:
        x: positive balls.
    """
    return np.log(x) / arb(2).log()


def fraction(chosen: Array) -> arb:
    """How large a part of the entries is true, as an exact quotient.

    Args:
        chosen: an array of truth values.
    """
    return arb(int(chosen.sum())) / chosen.size


def variance(x: Array) -> object:
    """Mean squared deviation from the mean.

    Args:
        x: numbers or balls.
    """
    return ((x - x.mean()) ** 2).mean()


def maximum(a: object, b: object) -> Array:
    """Larger of two entries, as a ball that holds it whichever it is.

    Args:
        a: numbers or balls.
        b: as many, or one.
    """
    return _maximum(np.asarray(a, dtype=object), np.asarray(b, dtype=object))


_maximum = np.vectorize(lambda a, b: ball(a).max(ball(b)), otypes=[object])


def relu(z: object) -> Array:
    """ReLU of each entry.

    Args:
        z: numbers or balls.
    """
    return maximum(z, 0)


def largest(x: object) -> arb:
    """Largest of all entries, as a ball that holds it whichever it is.

    Args:
        x: numbers or balls.
    """
    found = ball(np.ravel(x)[0])
    for entry in np.ravel(x)[1:]:
        found = found.max(ball(entry))
    return found


def smallest(x: object) -> arb:
    """Smallest of all entries, as a ball that holds it whichever it is.

    Args:
        x: numbers or balls.
    """
    return -largest(-np.asarray(x))


def sign(x: object) -> Array:
    """Sign of each entry, which must be certain.

    Args:
        x: balls, none of which holds both signs.

    Raises:
        ArithmeticError: if one does.
    """
    signs = [(entry > 0) - (entry < 0) for entry in np.ravel(x)]
    if any(
        s == 0 and not e == 0 for s, e in zip(signs, np.ravel(x), strict=True)
    ):
        raise ArithmeticError(
            "sign: `x` has an entry whose sign is not certain"
        )
    return np.reshape(signs, np.shape(x))


def solve(a: Array, b: Array) -> Array:
    """Solve a x = b with a bound on the error.

    Args:
        a: a square matrix.
        b: a vector.
    """
    right = arb_mat([[ball(entry)] for entry in b])
    x = arb_mat(balls(a).tolist()).solve(right)
    return balls(np.array(x.tolist(), dtype=object)[:, 0])


def orthonormal(a: Array) -> Array:
    """Orthonormal columns that span those of a matrix (Gram–Schmidt).

    Args:
        a: a matrix of independent columns.
    """
    found: list[Array] = []
    for column in a.T:
        for q in found:
            column = column - (q @ column) * q
        found.append(column / np.linalg.norm(column))
    return np.stack(found, axis=1)


def eigh(a: Array) -> tuple[Array, Array]:
    """Eigenvalues of a symmetric matrix, rising, and unit eigenvectors.

    Args:
        a: a symmetric matrix of balls whose eigenvalues are apart.

    Returns:
        The eigenvalues, and a matrix with an eigenvector in each column.

    Raises:
        ValueError: if eigenvalues cannot be told apart.
    """
    values, vectors = acb_mat(balls(a).tolist()).eig(right=True)
    order = np.argsort([float(v.real.mid()) for v in values])
    real = np.vectorize(lambda entry: entry.real, otypes=[object])
    q = real(np.array(vectors.tolist(), dtype=object))[:, order]
    return real(np.array(values, dtype=object))[order], q / np.sqrt(
        (q**2).sum(axis=0)
    )


def singular_values(a: Array) -> Array:
    """Singular values, falling.

    Args:
        a: a matrix with no more columns than rows.
    """
    return np.sqrt(eigh(a.T @ a)[0][::-1])


def spectral_norm(a: Array) -> arb:
    """Most that the matrix stretches a vector.

    Args:
        a: a matrix.
    """
    tall = a if a.shape[0] >= a.shape[1] else a.T
    return singular_values(tall)[0]


def integral(f: Callable, low: object, high: object) -> arb:
    """Integrate an analytic function of one number, with a bound on the error.

    Args:
        f: maps a complex ball to one.
        low: the lower end.
        high: the upper end.
    """
    return acb.integral(
        lambda z, analytic: f(z), low, high, rel_tol=GOAL, abs_tol=GOAL
    ).real


def root(f: Callable, low: object, high: object) -> arb:
    """Enclose a point at which a function changes sign, by halving.

    Args:
        f: a function of a ball; negative at ``low`` and positive at ``high``.
        low: a ball without radius.
        high: a ball without radius.
    """
    for _ in range(150):
        middle = (low + high) / 2
        if f(middle) < 0:
            low = middle
        elif f(middle) > 0:
            high = middle
        else:
            break
    return low.union(high)


def simplex(rng: np.random.Generator, C: int) -> Array:
    """Draw positive probabilities that add up to 1 exactly, in float64.

    Args:
        rng: the generator.
        C: the number of outcomes.
    """
    total = 2**30
    counts = 1 + rng.multinomial(total - C, rng.dirichlet(np.ones(C)))
    return counts / total
