"""Public notices with an objection clock (公示): what was decided is shown, for so long, to those who may object."""
