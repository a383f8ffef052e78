"""What is done at a desk: the acts that devices tell, each once, whenever they come."""
