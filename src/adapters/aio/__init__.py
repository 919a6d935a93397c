"""Technical helpers that several adapters share; none of them speaks to anything outside."""
