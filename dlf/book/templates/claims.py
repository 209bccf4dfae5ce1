"""Claims of SLUG, gathered. (Replace this.)"""

from dlf.claims.SLUG.exact import CLAIM

__all__ = ["CLAIM"]
