// The floor of every start-up: node doing nothing.
