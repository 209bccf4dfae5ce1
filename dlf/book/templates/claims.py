"""Claims of SLUG, gathered (replace this)."""

from dlf.claims.SLUG.exact import CLAIM

__all__ = ["CLAIM"]
