"""Forms: one marshmallow schema checks an HTML form and a JSON body, and becomes the objects that the form macros render.

Questions that a city writes itself (settings, questionnaires) are stored as data and become such a schema too.
"""

from samen_core.forms.bound import BoundField, BoundForm, Option
from samen_core.forms.fields import FileReference, FileValue, Moment, Place, PlaceValue, WholeNumber
from samen_core.forms.messages import as_texts, invalid
from samen_core.forms.parse import load, parse
from samen_core.forms.questions import Form, Question, QuestionError, form_from_json, form_schema, form_to_json
from samen_core.forms.schema import FormSchema

__all__ = [
    "BoundField",
    "BoundForm",
    "FileReference",
    "FileValue",
    "Form",
    "FormSchema",
    "Moment",
    "Option",
    "Place",
    "PlaceValue",
    "Question",
    "QuestionError",
    "WholeNumber",
    "as_texts",
    "form_from_json",
    "form_schema",
    "form_to_json",
    "invalid",
    "load",
    "parse",
]
