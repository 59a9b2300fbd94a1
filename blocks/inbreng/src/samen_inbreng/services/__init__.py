"""The rules of contributions and answers, one module a concept."""
