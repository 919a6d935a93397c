"""Operations: what an operator sees of an installation."""
