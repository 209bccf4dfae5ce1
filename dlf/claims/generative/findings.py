"""What was found of each claim of generative models, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS: dict[str, Finding] = {
    "C104": Finding(
        "At equal critic steps Wasserstein loss and penalty find "
        "{mean[(a) ring, GP-5 over GAN-5]} modes more than a GAN on the ring, "
        "{mean[(a) grid, GP-5 over GAN-5]} on the grid; the GAN's loss with "
        "that penalty {mean[(d) ring, GAN-GP-5 over GAN-5]} and "
        "{mean[(d) grid, GAN-GP-5 over GAN-5]}. Neither always finds all.",
        ends={"modes": ("against the claim", "as claimed")},
    ),
    "C105": Finding(
        "With five critic steps a generator step takes {mean[(a) penalty, five "
        "critic steps, width 64]} times as long as a plain GAN's with the "
        "penalty and {mean[(b) clipping, five critic steps, width 64]} times "
        "with clipping. At equal critic steps clipping costs nothing, "
        "the penalty {mean[(c) penalty, critic steps alike, width 64]} times.",
        ends={"ratio": ("the plain GAN takes longer", "as claimed")},
    ),
    "C106": Finding(
        "No: perceptrons' images are told from real ones nearly always. The "
        "classifier's accuracy is beyond 60 % by {size[(a) MNIST, GAN]} points "
        "for a GAN on MNIST, {size[(b) MNIST, VAE]} for a VAE, "
        "{size[(c) MNIST, diffusion]} for diffusion.",
        ends={"points": ("told from real", "as claimed")},
    ),
}
