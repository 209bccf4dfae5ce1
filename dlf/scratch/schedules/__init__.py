"""Learning-rate schedules: when the steps get smaller."""
