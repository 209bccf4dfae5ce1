"""Figures that read on white and on black: transparent, ink in mid-grey."""

INK = "#767676"
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, YELLOW = COLORS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#F0E442",
)  # Okabe & Ito (2008)


def style() -> None:
    """Set matplotlib's defaults for every figure of the book."""
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcParams.update(
        {
            "figure.figsize": (6, 3.2),
            "figure.constrained_layout.use": True,
            "figure.dpi": 110,
            "savefig.transparent": True,
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "axes.edgecolor": INK,
            "axes.labelcolor": INK,
            "axes.titlecolor": INK,
            "axes.titlesize": 11.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": cycler(color=COLORS),
            "grid.color": INK,
            "grid.alpha": 0.25,
            "font.size": 11,
            "legend.frameon": False,
            "legend.labelcolor": INK,
            "lines.linewidth": 2,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
        }
    )
