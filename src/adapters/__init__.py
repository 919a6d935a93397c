"""Adapters: each package implements ports with one technology. No vendor name appears outside them."""
