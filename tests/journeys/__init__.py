"""Stories of a packing day, told to the real command line in processes of their own."""
