"""Samenspreker: a question of the city travels agenda, solve, decide, execute and evaluate at the Samenspraaktafel."""
