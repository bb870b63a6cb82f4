"""Employments: who works for the district, and as what."""
