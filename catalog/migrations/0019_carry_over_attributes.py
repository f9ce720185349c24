"""What products are described by so far stays: numbers where all values are numbers with a unit, else texts, of one type."""

from django.db import migrations

NUMBER = r"^[0-9]{1,11}([.][0-9]{1,4})?$"
STEPS = [
    # several values of one attribute stay several
    """UPDATE catalog_attribute SET is_multiple = true WHERE id IN (
           SELECT attribute_id FROM catalog_productattribute GROUP BY attribute_id, product_id HAVING count(*) > 1)""",
    # with a unit: a number if every value is one, else the unit becomes part of the text
    f"""UPDATE catalog_attribute a SET kind = 'number' WHERE unit <> '' AND NOT is_multiple AND NOT EXISTS (
           SELECT FROM catalog_productattribute v WHERE v.attribute_id = a.id AND v.text !~ '{NUMBER}')""",
    """UPDATE catalog_productattribute v SET number = v.text::numeric, text = '' FROM catalog_attribute a
       WHERE a.id = v.attribute_id AND a.kind = 'number'""",
    """UPDATE catalog_productattribute v SET text = left(v.text || ' ' || a.unit, 250) FROM catalog_attribute a
       WHERE a.id = v.attribute_id AND a.kind = 'text' AND a.unit <> ''""",
    "UPDATE catalog_attribute SET unit = '' WHERE kind = 'text' AND unit <> ''",
    # one type that has all attributes, for the products that are described
    """INSERT INTO catalog_producttype (name, position)
       SELECT 'General', 0 WHERE EXISTS (SELECT FROM catalog_productattribute)""",
    """INSERT INTO catalog_producttype_attributes (producttype_id, attribute_id)
       SELECT t.id, a.id FROM catalog_producttype t, catalog_attribute a WHERE t.name = 'General'""",
    """UPDATE catalog_product p SET type_id = t.id FROM catalog_producttype t
       WHERE t.name = 'General' AND EXISTS (SELECT FROM catalog_productattribute v WHERE v.product_id = p.id)""",
]
BACK = [
    """UPDATE catalog_productattribute v SET number = NULL, choice_id = NULL, is_true = NULL, date = NULL, text = coalesce(
           trim_scale(v.number)::text, (SELECT c.name FROM catalog_attributechoice c WHERE c.id = v.choice_id),
           CASE WHEN v.is_true THEN 'Yes' ELSE 'No' END) WHERE v.text = '' AND v.date IS NULL""",
    "UPDATE catalog_productattribute SET text = date::text, date = NULL WHERE date IS NOT NULL",
    "UPDATE catalog_product SET type_id = NULL",
    "DELETE FROM catalog_producttype_attributes",
    "DELETE FROM catalog_producttype",
]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0018_types_of_products")]
    operations = [migrations.RunSQL(STEPS, BACK)]
