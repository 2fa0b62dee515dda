"""The specifications' tables of classes and properties, as data, and what holds a document against them."""
