from django.urls import path

from assignments.views import (
    assigning,
    cadre_edits,
    cadres,
    coverage,
    duties,
    petition_steps,
    petitions,
    roster,
    visit_form,
    visit_page,
    visits,
)

app_name = "assignments"

urlpatterns = [
    path("can-bo/", cadres.cadres, name="cadres"),
    path("can-bo/xuat/", cadres.export, name="cadres_export"),
    path("can-bo/moi/", cadre_edits.new, name="cadre_new"),
    path("can-bo/<int:pk>/", cadres.cadre, name="cadre"),
    path("can-bo/<int:pk>/sua/", cadre_edits.edit, name="cadre_edit"),
    path("can-bo/<int:pk>/chuc-vu/", cadre_edits.post_new, name="post_new"),
    path("can-bo/<int:pk>/chuc-vu/<int:post_id>/ket-thuc/", cadre_edits.post_end, name="post_end"),
    path("can-bo/<int:pk>/tai-khoan/", cadre_edits.account, name="cadre_account"),
    path("phan-cong/", roster.roster, name="roster"),
    path("phan-cong/xuat/", roster.export, name="roster_export"),
    path("phan-cong/moi/", assigning.assign, name="assign"),
    path("phan-cong/<int:pk>/ket-thuc/", assigning.end, name="assignment_end"),
    path("phan-cong/thieu/", coverage.coverage, name="coverage"),
    path("phan-cong/thieu/xuat/", coverage.export, name="coverage_export"),
    path("kien-nghi/", petitions.petitions, name="petitions"),
    path("kien-nghi/xuat/", petitions.export, name="petitions_export"),
    path("kien-nghi/moi/", petition_steps.new, name="petition_new"),
    path("kien-nghi/<uuid:uuid>/", petitions.petition, name="petition"),
    path("kien-nghi/<uuid:uuid>/<slug:name>/", petition_steps.step, name="petition_step"),
    path("di-co-so/", visits.visits, name="visits"),
    path("di-co-so/xuat/", visits.export, name="visits_export"),
    path("di-co-so/moi/", visit_form.new, name="visit_new"),
    path("di-co-so/<uuid:uuid>/", visit_page.visit, name="visit"),
    path("di-co-so/<uuid:uuid>/dinh-chinh/", visit_form.correct, name="visit_correct"),
    path("di-co-so/<uuid:uuid>/rut/", visit_page.withdraw, name="visit_withdraw"),
    path("di-co-so/<uuid:uuid>/hen/<int:promise_id>/", visit_page.keep_promise, name="promise_kept"),
    path("nhiem-vu/", duties.duties, name="duties"),
    path("nhiem-vu/xac-nhan/", duties.confirm, name="duties_confirm"),
    path("nhiem-vu/<int:duty_id>/", duties.reword, name="duty_wording"),
]
