"""Documents: reports as HTML in a language, and as PDF, made by the worker.

``services.render_document`` gives the HTML of a template outside a request, ``services.make_document`` makes a PDF of it and keeps that as
a file of a subject. Nothing is imported here: the process that makes PDFs is in this package too, and needs little of the rest.
"""
