"""Operations: whether the installation can do its work."""
