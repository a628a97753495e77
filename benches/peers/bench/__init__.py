"""The bench that all tools are put on: one pattern, one server, one way of counting."""
