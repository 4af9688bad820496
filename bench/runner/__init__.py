"""What run.py, charts.py and budget.py share. Standard library only."""
