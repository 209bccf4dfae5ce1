"""Claims of regularization that are listed and not tested."""

from dlf.experiments.claim import Source, Untested

C79 = Untested(
    number="C79",
    title="Deep nets overfit small data; regularization trades bias",
    sources=(
        Source("S0", "§10", "highly expressive and prone to overfitting"),
        Source("S0", "§10", "introduces bias to reduce variance"),
    ),
    hypothesis=(
        "On few examples nets that fit them all test worse than smaller ones; "
        "regularizers raise the bias, lower the variance and lower the sum."
    ),
    rule=(
        "Each regularizer's gain on few and on more examples is measured under "
        "its own claim, C83 and C86; bias and variance by themselves advise "
        "nobody, and need many training sets for every setting."
    ),
    literature=(
        "Zhang et al. (2017): nets fit random labels, and regularizers are not "
        "what makes them generalize. Neal et al. (2018): variance falls with "
        "width. Nakkiran et al. (2020): test error falls again in large nets."
    ),
)

C82 = Untested(
    number="C82",
    title="L1 selects features, may lose important ones; elastic net helps",
    sources=(
        Source("S0", "§10.2", "feature selection"),
        Source(
            "S2",
            "Regularization 2(a)",
            "Can lead to loss of important features",
        ),
        Source("S2", "Regularization 2(a)", "Solution: Use Elastic Net"),
    ),
    hypothesis=(
        "Of strongly correlated true features the lasso drops many, and the "
        "elastic net recalls more of them at equal precision."
    ),
    rule=(
        "It is about linear regression, not about nets; that the elastic net "
        "keeps correlated features together follows from its penalty, by a "
        "theorem of its authors."
    ),
    literature=(
        "Zou and Hastie (2005), theorem 1: coefficients of correlated features "
        "are close. Meinshausen and Bühlmann (2010): what the lasso selects "
        "varies with the sample."
    ),
)

C87 = Untested(
    number="C87",
    title="Augmentation gives invariance and reduces overfitting",
    sources=(
        Source("S0", "§10.5", "become invariant to transformations"),
        Source("S0", "§10.5", "Reduces overfitting"),
    ),
    hypothesis=(
        "Training on transformed images makes predictions agree under these "
        "transforms and raises test accuracy, if they keep the label."
    ),
    rule=(
        "The answer depends on the transforms and on the data more than on the "
        "method, and the data that are asked about are photographs, for which "
        "the nets of these tests are too small. The page shows it live, on "
        "shifts of digits."
    ),
    literature=(
        "Simard et al. (2003): distortions halve the errors on MNIST. Shorten "
        "and Khoshgoftaar (2019), a survey. Cubuk et al. (2020): two numbers "
        "suffice to choose the transforms."
    ),
)
