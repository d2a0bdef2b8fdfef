"""The documents of a demonstration case, drawn by code: the same case draws the same bytes."""

from evidence_service.demo.drawings.alcohol import blood_alcohol_report
from evidence_service.demo.drawings.appraisal import appraisal_opinion
from evidence_service.demo.drawings.determination import determination
from evidence_service.demo.drawings.diagram import scene_diagram
from evidence_service.demo.drawings.photographs import scene_photographs
from evidence_service.demo.drawings.record import inspection_record
from evidence_service.demo.drawings.vehicle_appraisal import vehicle_appraisal_with_photos

__all__ = [
    "appraisal_opinion",
    "blood_alcohol_report",
    "determination",
    "inspection_record",
    "scene_diagram",
    "scene_photographs",
    "vehicle_appraisal_with_photos",
]
