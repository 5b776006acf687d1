import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

WORDS = "audit events are kept as they were written"

SQLITE = [
    f"""
    CREATE TRIGGER audit_event_no_{deed} BEFORE {deed} ON tracker_auditevent
    BEGIN SELECT RAISE(ABORT, '{WORDS}'); END
    """
    for deed in ("update", "delete")
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE ON tracker_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()
    """,
]
NO_SQLITE = [f"DROP TRIGGER audit_event_no_{deed}" for deed in ("update", "delete")]
NO_POSTGRESQL = [
    "DROP TRIGGER audit_event_kept ON tracker_auditevent",
    "DROP FUNCTION audit_event_refuse()",
]


def guard(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def unguard(apps, schema_editor):
    _run(schema_editor, NO_SQLITE, NO_POSTGRESQL)


def _run(schema_editor, sqlite, postgresql):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0008_exclusions'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='时刻')),
                ('action', models.CharField(choices=[('signed_in', '登录'), ('failed', '登录失败'), ('locked', '锁定'), ('lifted', '解除锁定'), ('signed_out', '退出'), ('password', '改密码'), ('two_step', '两步验证'), ('exported', '导出'), ('imported', '导入'), ('phone', '看电话'), ('paper', '下载材料'), ('refused', '拒绝访问'), ('account', '账号变动'), ('screen', '大屏授权使用')], editable=False, max_length=16, verbose_name='动作')),
                ('name', models.CharField(blank=True, editable=False, max_length=40, verbose_name='所填账号')),
                ('kind', models.CharField(blank=True, editable=False, max_length=20, verbose_name='对象')),
                ('reference', models.CharField(blank=True, editable=False, max_length=100, verbose_name='编号或名称')),
                ('detail', models.CharField(blank=True, editable=False, max_length=500, verbose_name='详情')),
                ('address', models.GenericIPAddressField(editable=False, null=True, verbose_name='地址')),
                ('agent', models.CharField(blank=True, editable=False, max_length=255, verbose_name='浏览器')),
                ('request_number', models.CharField(blank=True, editable=False, max_length=8, verbose_name='请求编号')),
                ('user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='人')),
            ],
            options={
                'verbose_name': '审计记录',
                'verbose_name_plural': '审计记录',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.RunPython(guard, unguard, elidable=False),
    ]
