"""Second-order methods: curvature, and minimizers that use it."""
