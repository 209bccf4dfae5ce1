"""The packages: whatever stands under `dlf`, and the records beside it."""

from setuptools import find_packages, setup

RECORDS = ["dlf.records", "dlf.records.benchmarks", "dlf.records.results"]

setup(packages=find_packages(include=["dlf", "dlf.*"]) + RECORDS)
