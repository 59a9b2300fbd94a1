"""Lending out neighbourhood tools: a building block of Buurtspullen Software."""
