"""The long proof: Telecine killed, cut off and deceived on purpose, and looked at from outside after each time."""
