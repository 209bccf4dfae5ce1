"""Finding: a term of the field leads first to the chapter that explains it."""

import pytest
from playwright.sync_api import Browser

from .conftest import PATIENCE

#: page: what a reader types who should come to it
TERMS = {
    "foundations/mathematics": (
        "singular value decomposition",
        "SVD",
        "Hessian",
        "Jacobian",
        "convex function",
        "condition number",
        "maximum likelihood",
        "low-rank approximation",
        "log-sum-exp",
        "Bayes' rule",
        "floating point",
    ),
    "foundations/perceptron": (
        "perceptron",
        "perceptron convergence",
        "XOR problem",
        "XOR",
        "Novikoff's theorem",
        "logistic regression",
        "kernel perceptron",
    ),
    "foundations/mlp": (
        "multilayer perceptron",
        "MLP",
        "universal approximation theorem",
        "torch.nn.Linear",
        "linear probe",
        "number of parameters",
    ),
    "foundations/activations": (
        "GELU",
        "activation functions",
        "torch.nn.functional.gelu",
        "nn.GELU",
        "ReLU",
        "SwiGLU",
        "sigmoid",
        "softmax",
        "dying ReLU",
        "vanishing gradients",
        "F.silu",
    ),
    "foundations/losses": (
        "cross-entropy with logits",
        "cross entropy",
        "BCEWithLogitsLoss",
        "CrossEntropyLoss",
        "F.cross_entropy",
        "focal loss",
        "Huber loss",
        "KL divergence",
        "triplet loss",
        "mean squared error",
        "class imbalance",
        "loss function",
    ),
    "foundations/backpropagation": (
        "backpropagation",
        "automatic differentiation",
        "gradient checkpointing",
        "gradcheck",
        "chain rule for one weight",
        "straight-through estimator",
    ),
    "foundations/training": (
        "learning rate",
        "early stopping",
        "mini-batch",
        "stochastic gradient descent",
        "gradient accumulation",
        "data leakage",
        "batch size",
    ),
    "optimization/optimizers": (
        "optimizer",
        "Adam",
        "AdamW",
        "momentum",
        "Nesterov momentum",
        "RMSProp",
        "AdaGrad",
        "bias correction",
        "decoupled weight decay",
        "Muon",
        "torch.optim.AdamW",
        "schedule-free",
    ),
    "optimization/second_order": (
        "Newton's method",
        "second-order methods",
        "L-BFGS",
        "torch.optim.LBFGS",
        "conjugate gradient",
        "Hessian-vector product",
        "natural gradient",
        "K-FAC",
        "AdaHessian",
        "Lanczos",
        "line search",
    ),
    "optimization/schedules": (
        "learning rate schedule",
        "cosine annealing",
        "CosineAnnealingLR",
        "warm-up",
        "warmup",
        "warm restarts",
        "one cycle",
        "OneCycleLR",
        "ReduceLROnPlateau",
        "edge of stability",
        "linear scaling rule",
        "range test",
    ),
    "optimization/initialization": (
        "weight initialization",
        "Xavier initialization",
        "Glorot initialization",
        "Kaiming",
        "Kaiming initialization",
        "kaiming_uniform_",
        "torch.nn.init.xavier_normal_",
        "orthogonal initialization",
        "edge of chaos",
        "fan-in",
        "symmetry breaking",
        "truncated normal",
        "hyperparameter transfer",
    ),
    "optimization/gradient_stability": (
        "exploding gradients",
        "gradient clipping",
        "clip_grad_norm_",
        "torch.nn.utils.clip_grad_value_",
        "adaptive gradient clipping",
        "product of Jacobians",
        "detect_anomaly",
        "spectral radius",
    ),
    "optimization/normalization": (
        "batch normalization",
        "BatchNorm2d",
        "torch.nn.LayerNorm",
        "layer normalization",
        "group normalization",
        "RMSNorm",
        "internal covariate shift",
        "spectral normalization",
        "weight normalization",
        "pre-norm",
        "running statistics",
    ),
    "optimization/regularization": (
        "dropout",
        "double descent",
        "elastic net",
        "soft threshold",
        "mixup",
        "label smoothing",
        "max-norm constraint",
        "stochastic depth",
        "data augmentation",
        "torch.nn.Dropout",
    ),
    "architectures/convolution": (
        "convolutional networks",
        "Conv2d",
        "cross-correlation",
        "transposed convolution",
        "im2col",
        "max pooling",
        "receptive field",
        "depthwise-separable convolution",
        "translation equivariance",
        "torch.nn.ConvTranspose2d",
    ),
    "architectures/residual": (
        "residual connection",
        "skip connection",
        "highway network",
        "bottleneck block",
        "shattered gradients",
    ),
    "architectures/graphs": (
        "message passing",
        "graph neural networks",
        "graph attention",
        "over-smoothing",
        "GCNConv",
        "Weisfeiler-Leman",
    ),
    "practice/interpretability": (
        "Shapley value",
        "integrated gradients",
        "Grad-CAM",
        "sparse autoencoder",
        "saliency maps",
        "LIME",
    ),
    "scale/gpu": (
        "mixed precision",
        "roofline",
        "torch.compile",
        "kernel fusion",
        "FlashAttention",
        "bfloat16",
        "CUDA graphs",
        "scaled_dot_product_attention",
    ),
}
ASKED = [(term, page) for page, terms in TERMS.items() for term in terms]


@pytest.fixture(scope="module")
def searched(browser: Browser, site: str):
    """Open the search once; ask it as its page would."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/search.html?q=warm")
    page.wait_for_function("Search.hasIndex()")
    yield page
    page.close()


def first(page, term: str) -> str:
    """Address of the first result, without its anchor."""
    return page.evaluate(
        """term => {
            history.replaceState(null, "", "?q=" + encodeURIComponent(term));
            const found = Search._performSearch(...Search._parseQuery(term));
            return found.length ? found.at(-1)[0] : "nothing";
        }""",
        term,
    )


@pytest.mark.parametrize(("term", "page"), ASKED, ids=[t for t, _ in ASKED])
def test_a_term_leads_to_its_chapter(searched, term: str, page: str):
    assert first(searched, term) == f"chapters/{page}"


def test_enough_is_asked():
    assert len(ASKED) >= 50


def test_the_page_shows_what_the_search_finds(browser: Browser, site: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/search.html?q=torch.nn.GELU")
    link = page.locator("#search-results li a").first
    link.wait_for(timeout=PATIENCE)
    assert "activations.html" in (link.get_attribute("href") or "")
    page.close()


def test_a_wrong_address_offers_the_search(browser: Browser, site: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/404.html")
    page.get_by_label("Search this book").last.fill("focal loss")
    page.locator("form.dlf-search button").click()
    link = page.locator("#search-results li a").first
    link.wait_for(timeout=PATIENCE)
    assert "losses.html" in (link.get_attribute("href") or "")
    page.close()


def test_the_map_links_to_what_stands(browser: Browser, site: str):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/index.html")
    links = page.locator(".dlf-map a")
    assert links.count() >= 10
    assert page.locator(".dlf-map .to-come").count() >= 1
    for box in page.locator(".dlf-map > li").all():
        place = box.bounding_box()
        assert place
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 390
    links.first.click()
    assert page.url.endswith("/mathematics.html")
    page.close()


def test_what_is_where_sorts_by_its_columns(browser: Browser, site: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/where.html")
    head = page.locator(".tag-sortable th", has_text="chapter")
    cells = page.locator(".tag-sortable td:nth-child(2)")
    head.click()
    assert cells.first.inner_text() == "Activation functions"
    head.click()
    assert cells.first.inner_text() == max(cells.all_inner_texts())
    page.close()


def test_the_index_is_on_the_side(browser: Browser, site: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/chapters/foundations/losses.html")
    page.locator("nav.bd-docs-nav a", has_text="Index").first.click()
    assert page.url.endswith("/genindex.html")
    entry = page.locator("a", has_text="focal loss")
    assert entry.count() >= 1
    page.close()
