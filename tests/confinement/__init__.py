"""What a decoder under an attacker's control can do: nothing outside its files."""
