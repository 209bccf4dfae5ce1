"""What the sources claim, a package a chapter; no chapter knows another."""
