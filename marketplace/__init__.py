"""The product: one package a stage; calls go down, news goes up."""
