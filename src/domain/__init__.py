"""The core: the model of a video, the ports to the outside, and the use cases."""
