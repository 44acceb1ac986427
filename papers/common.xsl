<?xml version="1.0" encoding="UTF-8"?>
<!-- 各文书共用的部分。文书自己定义变量 title 和 match="case" 的模板。 -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:output method="html" encoding="UTF-8"/>
<xsl:param name="to"/>
<xsl:param name="css"/>

<xsl:template match="/">
  <html lang="zh-CN">
    <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width"/>
      <title><xsl:value-of select="$title"/></title>
      <style><xsl:value-of select="$css"/></style>
    </head>
    <body>
      <xsl:apply-templates select="case"/>
    </body>
  </html>
</xsl:template>

<!-- 没有的内容留空白横线，供手填。 -->
<xsl:template name="or-blank">
  <xsl:param name="value"/>
  <xsl:param name="class"/>
  <xsl:choose>
    <xsl:when test="string($value)"><xsl:value-of select="$value"/></xsl:when>
    <xsl:otherwise><span class="blank {$class}">&#160;</span></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template name="row">
  <xsl:param name="label"/>
  <xsl:param name="value"/>
  <tr>
    <th scope="row"><xsl:value-of select="$label"/></th>
    <td>
      <xsl:call-template name="or-blank">
        <xsl:with-param name="value" select="$value"/>
      </xsl:call-template>
    </td>
  </tr>
</xsl:template>

<!-- 有才写的一行。 -->
<xsl:template name="row-if">
  <xsl:param name="label"/>
  <xsl:param name="value"/>
  <xsl:if test="string($value)">
    <tr>
      <th scope="row"><xsl:value-of select="$label"/></th>
      <td><xsl:value-of select="$value"/></td>
    </tr>
  </xsl:if>
</xsl:template>

<xsl:template name="digest-row">
  <xsl:param name="label"/>
  <xsl:param name="value"/>
  <xsl:if test="string($value)">
    <tr>
      <th scope="row"><xsl:value-of select="$label"/></th>
      <td class="digest"><xsl:value-of select="$value"/></td>
    </tr>
  </xsl:if>
</xsl:template>

<!-- 时间：北京时间在前，协调世界时在后。 -->
<xsl:template name="time">
  <xsl:param name="at"/>
  <xsl:value-of select="substring($at/@beijing, 1, 19)"/>
  <xsl:text>（北京时间）</xsl:text>
  <span class="small">
    <xsl:text>UTC </xsl:text>
    <xsl:value-of select="$at/@utc"/>
  </span>
</xsl:template>

<xsl:template name="time-row">
  <xsl:param name="label"/>
  <xsl:param name="at"/>
  <xsl:if test="$at">
    <tr>
      <th scope="row"><xsl:value-of select="$label"/></th>
      <td>
        <xsl:call-template name="time">
          <xsl:with-param name="at" select="$at"/>
        </xsl:call-template>
      </td>
    </tr>
  </xsl:if>
</xsl:template>

<!-- 引文：涉嫌内容加底色，前后文照录。 -->
<xsl:template match="claim" mode="quote">
  <xsl:choose>
    <xsl:when test="string(quote)">
      <xsl:text>“</xsl:text>
      <xsl:value-of select="before"/>
      <mark><xsl:value-of select="quote"/></mark>
      <xsl:value-of select="after"/>
      <xsl:text>”</xsl:text>
    </xsl:when>
    <xsl:otherwise>（未见风险提示，故无引文）</xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template match="provision" mode="name">
  <xsl:choose>
    <xsl:when test="law">
      <xsl:text>《</xsl:text>
      <xsl:value-of select="law"/>
      <xsl:text>》</xsl:text>
      <xsl:value-of select="article"/>
    </xsl:when>
    <xsl:otherwise><xsl:value-of select="@id"/></xsl:otherwise>
  </xsl:choose>
  <xsl:if test="@checked = 'no'"><span class="mark">待核对</span></xsl:if>
</xsl:template>

<!-- 条文：原文，或注明不是原文的要旨；来源一并写出。 -->
<xsl:template match="provision">
  <h3><xsl:apply-templates select="." mode="name"/></h3>
  <xsl:choose>
    <xsl:when test="string(text)">
      <blockquote><xsl:value-of select="text"/></blockquote>
    </xsl:when>
    <xsl:when test="string(summary)">
      <blockquote>（要旨，非原文）<xsl:value-of select="summary"/></blockquote>
    </xsl:when>
    <xsl:otherwise>
      <blockquote>（规则库中没有该日有效的文本）</blockquote>
    </xsl:otherwise>
  </xsl:choose>
  <p class="small">
    <xsl:if test="@from">
      <xsl:text>施行：</xsl:text>
      <xsl:value-of select="@from"/>
      <xsl:text> 至 </xsl:text>
      <xsl:choose>
        <xsl:when test="string(@to)"><xsl:value-of select="@to"/></xsl:when>
        <xsl:otherwise>今</xsl:otherwise>
      </xsl:choose>
      <xsl:text>。</xsl:text>
    </xsl:if>
    <xsl:if test="string(source)">
      <xsl:text>来源：</xsl:text>
      <xsl:value-of select="source"/>
      <xsl:text>。</xsl:text>
    </xsl:if>
    <xsl:if test="@checked = 'no'">引用前须与官方公布文本核对。</xsl:if>
  </p>
</xsl:template>

<!-- 同一版本的条文在一份文书里只写一次。 -->
<xsl:key name="provision" match="provision" use="concat(@id, ' ', @from)"/>

<xsl:template name="provisions">
  <xsl:apply-templates select="findings/finding/provisions/provision[
      generate-id() = generate-id(key('provision', concat(@id, ' ', @from)))]"/>
</xsl:template>

<!-- 页面上写明的主体。 -->
<xsl:template name="party-kind">
  <xsl:param name="kind"/>
  <xsl:choose>
    <xsl:when test="$kind = 'names'">名称</xsl:when>
    <xsl:when test="$kind = 'uscc'">统一社会信用代码</xsl:when>
    <xsl:when test="$kind = 'icp'">ICP备案号</xsl:when>
    <xsl:when test="$kind = 'psb'">公安备案号</xsl:when>
    <xsl:when test="$kind = 'phones'">电话</xsl:when>
    <xsl:when test="$kind = 'wechat'">微信</xsl:when>
    <xsl:when test="$kind = 'qq'">QQ</xsl:when>
    <xsl:when test="$kind = 'developers'">开发者</xsl:when>
    <xsl:when test="$kind = 'addresses'">地址</xsl:when>
    <xsl:when test="$kind = 'domains'">域名</xsl:when>
    <xsl:otherwise><xsl:value-of select="$kind"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template name="parties">
  <xsl:for-each select="parties/party">
    <xsl:call-template name="party-kind">
      <xsl:with-param name="kind" select="@kind"/>
    </xsl:call-template>
    <xsl:text>：</xsl:text>
    <xsl:value-of select="."/>
    <xsl:if test="position() != last()"><br/></xsl:if>
  </xsl:for-each>
</xsl:template>

<!-- 执法人员两名；不知道的留空。 -->
<xsl:template name="officer-rows">
  <xsl:param name="label"/>
  <xsl:param name="n" select="1"/>
  <xsl:variable name="officer" select="officers/officer[$n]"/>
  <tr>
    <th scope="row"><xsl:value-of select="concat($label, $n)"/></th>
    <td>
      <xsl:text>姓名：</xsl:text>
      <xsl:call-template name="or-blank">
        <xsl:with-param name="value" select="$officer/name"/>
      </xsl:call-template>
      <xsl:text>　执法证号：</xsl:text>
      <xsl:call-template name="or-blank">
        <xsl:with-param name="value" select="$officer/certificate"/>
      </xsl:call-template>
    </td>
  </tr>
  <xsl:if test="$n &lt; 2">
    <xsl:call-template name="officer-rows">
      <xsl:with-param name="label" select="$label"/>
      <xsl:with-param name="n" select="$n + 1"/>
    </xsl:call-template>
  </xsl:if>
</xsl:template>

<!-- 移交材料没有网址：写明由谁、何时、在哪里移交。 -->
<xsl:template match="hand-in" mode="way">
  <xsl:text>移交材料</xsl:text>
  <xsl:if test="string(file)">
    <xsl:text>“</xsl:text><xsl:value-of select="file"/><xsl:text>”</xsl:text>
  </xsl:if>
  <xsl:text>，移交人：</xsl:text>
  <xsl:call-template name="or-blank">
    <xsl:with-param name="value" select="who"/>
  </xsl:call-template>
  <xsl:text>，地点：</xsl:text>
  <xsl:call-template name="or-blank">
    <xsl:with-param name="value" select="place"/>
  </xsl:call-template>
  <xsl:text>，收到时间：</xsl:text>
  <xsl:value-of select="substring(at/@beijing, 1, 19)"/>
  <xsl:text>（北京时间）</xsl:text>
</xsl:template>

<!-- 线索从哪里来：网址，或者怎样移交。 -->
<xsl:template match="finding" mode="origin">
  <xsl:choose>
    <xsl:when test="not(starts-with(url, 'urn:'))"><xsl:value-of select="url"/></xsl:when>
    <xsl:when test="hand-in">
      <xsl:for-each select="hand-in">
        <div><xsl:apply-templates select="." mode="way"/></div>
      </xsl:for-each>
    </xsl:when>
    <xsl:otherwise>移交材料</xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template match="finding" mode="origin-row">
  <tr>
    <th scope="row">
      <xsl:choose>
        <xsl:when test="starts-with(url, 'urn:')">来源</xsl:when>
        <xsl:otherwise>网址</xsl:otherwise>
      </xsl:choose>
    </th>
    <td><xsl:apply-templates select="." mode="origin"/></td>
  </tr>
</xsl:template>

<xsl:template name="case-number">
  <p class="right">
    <xsl:text>案号：</xsl:text>
    <xsl:call-template name="or-blank">
      <xsl:with-param name="value" select="number"/>
    </xsl:call-template>
  </p>
</xsl:template>

<!-- 文末：单位与日期。 -->
<xsl:template name="closing">
  <div class="sign right">
    <p>
      <xsl:call-template name="or-blank">
        <xsl:with-param name="value" select="office/name"/>
      </xsl:call-template>
      <xsl:text>（印章）</xsl:text>
    </p>
    <p><xsl:value-of select="made/@hanzi"/></p>
  </div>
</xsl:template>

<!-- 待填写：共有的几项。 -->
<xsl:template name="todo-number">
  <xsl:if test="not(string(number))"><li>案号</li></xsl:if>
</xsl:template>

<xsl:template name="todo-officers">
  <xsl:if test="not(string(officers/officer[1]/name)) or not(string(officers/officer[2]/name))">
    <li>执法人员姓名（两名）</li>
  </xsl:if>
  <xsl:if test="not(string(officers/officer[1]/certificate)) or not(string(officers/officer[2]/certificate))">
    <li>执法证号</li>
  </xsl:if>
</xsl:template>

<xsl:template name="file-name">
  <xsl:param name="path"/>
  <xsl:choose>
    <xsl:when test="contains($path, '/')">
      <xsl:call-template name="file-name">
        <xsl:with-param name="path" select="substring-after($path, '/')"/>
      </xsl:call-template>
    </xsl:when>
    <xsl:otherwise><xsl:value-of select="$path"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

</xsl:stylesheet>
