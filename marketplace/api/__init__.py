"""The API: shape of the input, what a person may see, the services; it never writes itself."""
